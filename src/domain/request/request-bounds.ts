/** The gateway's own bounds, where the vendor documents none. The schema's descriptions repeat these numbers. */

/** Unicode code points of a prompt. */
export const maxTextLength = 10_000;

/** Unicode code points of a name, an id or another short word. */
export const maxWordLength = 255;

/** Unicode code points of a model's name or version. */
export const maxModelNameLength = 100;

/** Unicode code points of a folder's path. */
export const maxPathLength = 1_024;

/** UTF-16 code units of a URL. */
export const maxUrlLength = 2_048;

/** Per list. */
export const maxReferences = 50;

/** Enough mistakes to mend a form by; a list full of them has hundreds. */
export const maxIssues = 20;

/** Levels of `additionalParameters`; the object itself is the first. */
export const maxParameterLevels = 10;

/** UTF-16 code units of `additionalParameters` as JSON. */
export const maxParametersLength = 10_000;
