"""Workers: machines that do steps on behalf of others."""
