declare module 'snowball-stemmers' {
  const snowball: {
    /** Throws for a name that is none of the algorithms. Words must be in lower case. */
    newStemmer(algorithm: string): { stem(word: string): string };
    algorithms(): string[];
  };
  export = snowball;
}
