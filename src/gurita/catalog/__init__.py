"""The common behaviour of what people edit: one place for lists, names, versions, references, secrets, links and audit."""
