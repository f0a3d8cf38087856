// An OpenID Connect provider on loopback. Its people are in a JSON file, read anew for each question:
// {"a-1": {"sub": "a-1", "preferred_username": "alice", "groups": ["admins"]}}. One signs in with the sub; any password does.
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'

const { MODULES, PORT, PEOPLE, CALLBACK, KEY_ID, IN_TOKEN } = process.env
const { Provider } = await import(`${MODULES}/oidc-provider/lib/index.js`)
const jwk = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
const people = () => JSON.parse(readFileSync(PEOPLE, 'utf8'))

const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [{
    client_id: 'gurita',
    client_secret: process.env.CLIENT_SECRET,
    redirect_uris: [CALLBACK],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  }],
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'email', 'groups'],
  claims: {
    openid: ['sub'],
    profile: ['preferred_username', 'name'],
    email: ['email', 'email_verified'],
    groups: ['groups'],
  },
  conformIdTokenClaims: IN_TOKEN !== '1',
  cookies: { keys: ['only for tests'] },
  jwks: { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: KEY_ID || 'first' }] },
  findAccount: (_ctx, id) => {
    const person = people()[id]
    return person && { accountId: id, claims: () => person }
  },
})
provider.listen(Number(PORT), '127.0.0.1')
