"""Numbers, dates and regular expressions as .NET writes and reads them, with the invariant culture."""
