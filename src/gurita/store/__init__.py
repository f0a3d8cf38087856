"""SQL, documents, references, snapshots, blobs and notifications: all that outlives the process."""
