"""The variable language: `#{…}` in texts (runtime formats, section 2). Its entry is `gurita.formats.variables`."""
