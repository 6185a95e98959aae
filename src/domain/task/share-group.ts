type Sharing = { owner: string; shareGroup?: string | null | undefined };

/** An owner alone, or all owners with the same value of the tokens' FAIR_SHARE_CLAIM. */
export function shareGroupOf({ owner, shareGroup }: Sharing): string {
  return shareGroup ?? owner;
}
