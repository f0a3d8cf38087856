"""The journal: what was asked, what happened, who owns it, and what comes next.

The engine knows tasks, plans and registered handlers; it knows nothing of deployments, machines or SSH.
`docs/subsystems/journal.md` tells the whole story.
"""
