type Sharing = { owner: string; shareGroup?: string | null | undefined };

/**
 * Who shares what is scarce: an owner alone, or, if the operator names a claim of tokens for it (FAIR_SHARE_CLAIM), all
 * owners with the same value of that claim.
 */
export function shareGroupOf({ owner, shareGroup }: Sharing): string {
  return shareGroup ?? owner;
}
