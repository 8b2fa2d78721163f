# Whitby Archive database backup
# Dump of fanfiction_authors
INSERT INTO fanfiction_authors VALUES("2", "Mina", "", "mina@example.com", "", "", "", "2005-01-01 00:00:00", "0", "0123456789abcdef0123456789abcdef");
# Dump of fanfiction_categories
INSERT INTO fanfiction_categories VALUES("1", "-1", "Dracula", "", "", "0", "0", "1", "1");
# Dump of fanfiction_chapters
INSERT INTO fanfiction_chapters VALUES("7", "The \"Demeter\"", "1", "", "The ship came in at dawn.\r\n\r\nItr17;s empty, said the coastguard. r0;Nobody, r12; but a dog.r1;", "", "1", "17", "0", "1", "3", "2", "44");
# Dump of fanfiction_ratings
INSERT INTO fanfiction_ratings VALUES("1", "R", "3", "For adults");
# Dump of fanfiction_reviews
INSERT INTO fanfiction_reviews VALUES("1", "3", "7", "Quincey", "0", "What a night!<br><br><i>Author's Response: And what a dog.</i>", "2005-02-03 04:05:06", "9", "1", "ST");
INSERT INTO fanfiction_reviews VALUES("2", "3", "8", "Quincey", "0", "And then?", "2005-02-03 04:06:06", "-1", "0", "ST");
# Dump of fanfiction_settings
INSERT INTO fanfiction_settings VALUES("k", "Whitby Archive", "", "http://whitby.example/fic/", "keeper@example.com", "", "default", "", "en", "0", "stories", "mysql", "0", "1", "0", "0", "1");
# Dump of fanfiction_stories
INSERT INTO fanfiction_stories VALUES("3", "Landfall &amp; after", "A ship with no crew.", "", "1", "", "0", "1", "2005-02-01 10:00:00", "2005-02-02 10:00:00", "2", "", "2", "1", "1", "0", "17", "0", "2", "91", "0");
