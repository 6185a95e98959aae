// Plain JavaScript, so that any Node can read it. 24.9 is the first Node with `shouldUpgradeCallback`, without which clients
// that offer an upgrade to HTTP/2 get no answer.
const needed = '24.9';

export function refusalOfNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 9)) return null;
  return (
    `The gateway needs Node ${needed} or later, and this is v${version}. ` +
    '`npm ci` brings it along where npm has it for the machine, and `npm start` uses it; elsewhere, install it.'
  );
}
