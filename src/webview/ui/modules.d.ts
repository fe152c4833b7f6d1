/** Style sheets are imported for their effect; the bundler puts them beside the script. */
declare module '*.css';

/** fast-foundation has types for its barrel only; fast-foundation.ts re-exports its files for the bundler, not for the compiler. */
declare module '@microsoft/fast-foundation/dist/esm/*';
