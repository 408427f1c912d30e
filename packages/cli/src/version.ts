/** The version of the published package; one place, read by the build as well. */
import manifest from "../package.json" with { type: "json" };

export const VERSION: string = manifest.version;
