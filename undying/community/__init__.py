"""Around works: what readers say and keep, news, challenges, the texts of the sites that came here."""
