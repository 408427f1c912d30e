/** How a command ends badly: a sentence on stderr and an exit status, never a stack trace for what a person can mend. */
export class UserProblem extends Error {
  /** 2: the call was wrong. 1: it was right and did not work. */
  readonly status: 1 | 2;
  constructor(message: string, status: 1 | 2 = 1) {
    super(message);
    this.name = "UserProblem";
    this.status = status;
  }
}
