"""Who a user is to other providers of identities: subjects, and the groups they belong to there."""
