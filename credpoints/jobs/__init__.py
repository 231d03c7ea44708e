"""Work after the commit: `jobs.actions.enqueue("certificates.render", certificate_id=…)`."""
