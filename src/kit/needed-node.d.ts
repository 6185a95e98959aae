/** Why a Node of this version can't run the gateway; null where it can. */
export function refusalOfNode(version: string): string | null;
