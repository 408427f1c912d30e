/** The names that the parameters of Twilio's operations have: those of parameter-table.ts, and those in the path. */
import type { Operation } from "@keybrake/core";
import { parameterNamesOf } from "../parameter-names.ts";
import { PARAMETER_TABLE } from "./parameter-table.ts";

/** Null where they are not published. */
export const parameterNames: (operation: Operation) => readonly string[] | null = parameterNamesOf(PARAMETER_TABLE);
