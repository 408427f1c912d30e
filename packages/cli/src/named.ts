/** People call things by the name that they gave them. */
import { UserProblem } from "./problems.ts";

/** The id that is meant by an id or by a name that only one has. What was typed is not repeated: it may be a secret in the wrong place. */
export function idOf(
  idOrName: string,
  all: readonly { readonly id: string; readonly name: string }[],
  what: string,
): string {
  const byId = all.find((each) => each.id === idOrName);
  if (byId !== undefined) return byId.id;
  const [first, ...others] = all.filter((each) => each.name === idOrName);
  if (first !== undefined && others.length === 0) return first.id;
  const candidates = first === undefined ? all : [first, ...others];
  const list = candidates.map((each) => `${each.id} "${each.name}"`).join(", ");
  throw new UserProblem(
    first === undefined
      ? `There is no ${what} of this id or name here. ${list === "" ? "There is none." : `There are: ${list}.`}`
      : `More than one ${what} has this name; say which by its id: ${list}.`,
  );
}
