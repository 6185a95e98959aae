// The gateway's own bounds, where the vendor documents none. The schema's descriptions repeat these numbers.

// In Unicode code points.
export const maxTextLength = 10_000;
export const maxWordLength = 255;
export const maxModelNameLength = 100;
export const maxPathLength = 1_024;

// In UTF-16 code units; of `additionalParameters` as JSON.
export const maxUrlLength = 2_048;
export const maxParametersLength = 10_000;

/** `additionalParameters` itself is the first. */
export const maxParameterLevels = 10;

/** Per list. */
export const maxReferences = 50;

/** Enough to correct a form by; a list full of mistakes has hundreds. */
export const maxIssues = 20;
