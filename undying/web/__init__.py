"""HTTP, HTML and nothing else."""
