"""API plumbing below the features: routes, any-case input, links, envelope, errors, event streams, OpenAPI."""
