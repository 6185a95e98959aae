type Sharing = { owner: string; shareGroup?: string | null | undefined };

/**
 * Among whom what is scarce is shared: owners, unless the operator names a claim of tokens for it (FAIR_SHARE_CLAIM). Then
 * all owners with the same value of that claim, a tenant's end users, have one share together.
 */
export function shareGroupOf({ owner, shareGroup }: Sharing): string {
  return shareGroup ?? owner;
}
