/** The gateway's own bounds, for what the vendor documents no limit of. */

/** Unicode code points of a prompt. */
export const maxTextLength = 10_000;

/** Unicode code points of a name, an id or another short word. */
export const maxWordLength = 255;

/** References in one list. */
export const maxReferences = 50;
