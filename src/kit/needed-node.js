// Plain JavaScript, so that any Node can read it.
const needed = '24.9';

/**
 * Why this Node can't run the gateway; null where it can. 24.9 is the first with `shouldUpgradeCallback`, by which clients
 * that offer an upgrade to HTTP/2 get an answer.
 */
export function refusalOfNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return null;
  return (
    `The gateway needs Node ${needed} or later, and this is v${version}. ` +
    '`npm ci` brings it along where npm has it for the machine, and `npm start` uses it; elsewhere, install it.'
  );
}
