import Mocha from 'mocha';
import { countTests } from './test-counts.ts';

/** Mocha's own report for people, and the counts for the script that adds up all runs. Mocha takes the default export. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    countTests(runner);
  }
}
