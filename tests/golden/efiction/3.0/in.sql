#
# Dump of fanfiction_authorfields
#
INSERT INTO fanfiction_authorfields VALUES ("1", "4", "lj", "Live Journal", "http://{info}.livejournal.com", "", "", "1");
INSERT INTO fanfiction_authorfields VALUES ("2", "1", "website", "Web Site", "", "", "", "1");
INSERT INTO fanfiction_authorfields VALUES ("3", "5", "AOL", "AIM", "", "$output .= \"<input name='AOL'>\";", "$thisfield = \"<a href='aim:\".$field['info'].\"'>\";", "1");
INSERT INTO fanfiction_authorfields VALUES ("4", "3", "betareader", "Beta-reader", "", "", "", "1");
INSERT INTO fanfiction_authorfields VALUES ("5", "2", "gender", "Gender", "male|#|female|#|undisclosed", "", "", "0");
#
# Dump of fanfiction_authorinfo
#
INSERT INTO fanfiction_authorinfo VALUES ("2", "1", "lizzy_b");
INSERT INTO fanfiction_authorinfo VALUES ("2", "3", "LizzyBennet");
INSERT INTO fanfiction_authorinfo VALUES ("2", "4", "Yes");
INSERT INTO fanfiction_authorinfo VALUES ("3", "5", "male");
INSERT INTO fanfiction_authorinfo VALUES ("9", "2", "http://nobody.example");
#
# Dump of fanfiction_authorprefs
#
INSERT INTO fanfiction_authorprefs VALUES ("1", "0", "0", "1", "0", "0", "0", "0", "0", "default", "1", "0", "1");
INSERT INTO fanfiction_authorprefs VALUES ("2", "1", "1", "1", "0", "0", "0", "0", "1", "Longbourn", "0", "0", "1");
#
# Dump of fanfiction_authors
#
INSERT INTO fanfiction_authors VALUES ("1", "Mrs Bennet", "Mrs B.", "mama@longbourn.example", "", "", "", "2006-05-01 09:00:00", "0", "5f4dcc3b5aa765d61d8327deb882cf99");
INSERT INTO fanfiction_authors VALUES ("2", "Lizzy", "Elizabeth Bennet", "lizzy@longbourn.example", "http://longbourn.example/lizzy", "I dearly love a <em>laugh</em>.", "http://longbourn.example/lizzy.png", "2006-05-02 09:00:00", "0", "098f6bcd4621d373cade4e832627b4f6");
INSERT INTO fanfiction_authors VALUES ("3", "Fitz", "", "darcy@pemberley.example", "", "", "", "0000-00-00 00:00:00", "1", "0");
#
# Dump of fanfiction_categories
#
INSERT INTO fanfiction_categories VALUES ("1", "-1", "Pride and Prejudice", "", "", "0", "0", "1", "2");
#
# Dump of fanfiction_challenges
#
INSERT INTO fanfiction_challenges VALUES ("1", "Lizzy", "2", "At a ball", "1", "1,2", "One dance, <i>ten</i> lines.", "9");
#
# Dump of fanfiction_chapters
#
INSERT INTO fanfiction_chapters VALUES ("20", "Meryton", "1", "", "She is tolerable, he said.\r\nShe laughed.", "Not handsome enough?", "1", "7", "8", "2", "2", "2", "40");
INSERT INTO fanfiction_chapters VALUES ("21", "Netherfield", "2", "", "<p>He asked for a dance.</p>", "", "0", "5", "0", "0", "2", "3", "2");
INSERT INTO fanfiction_chapters VALUES ("30", "", "1", "", "It rained on the way.", "", "1", "5", "0", "0", "3", "3", "7");
#
# Dump of fanfiction_characters
#
INSERT INTO fanfiction_characters VALUES ("1", "1", "Elizabeth", "", "");
INSERT INTO fanfiction_characters VALUES ("2", "1", "Darcy", "", "");
#
# Dump of fanfiction_classes
#
INSERT INTO fanfiction_classes VALUES ("1", "1", "Comedy");
INSERT INTO fanfiction_classes VALUES ("2", "2", "Slander");
INSERT INTO fanfiction_classes VALUES ("3", "3", "Regency");
#
# Dump of fanfiction_classtypes
#
INSERT INTO fanfiction_classtypes VALUES ("1", "genres", "Genres");
INSERT INTO fanfiction_classtypes VALUES ("2", "warnings", "Warnings");
INSERT INTO fanfiction_classtypes VALUES ("3", "era", "Era");
#
# Dump of fanfiction_comments
#
INSERT INTO fanfiction_comments VALUES ("1", "1", "2", "What news!", "2006-06-02 10:00:00");
#
# Dump of fanfiction_favorites
#
INSERT INTO fanfiction_favorites VALUES ("2", "3", "ST");
INSERT INTO fanfiction_favorites VALUES ("3", "2", "AU");
INSERT INTO fanfiction_favorites VALUES ("0", "7", "SE");
#
# Dump of fanfiction_inseries
#
INSERT INTO fanfiction_inseries VALUES ("4", "2", "0", "1", "1");
INSERT INTO fanfiction_inseries VALUES ("4", "3", "0", "0", "2");
#
# Dump of fanfiction_messages
#
INSERT INTO fanfiction_messages VALUES ("1", "welcome", "Welcome", "It is a truth <b>universally</b> acknowledged.");
INSERT INTO fanfiction_messages VALUES ("2", "tos", "Terms of Service", "");
INSERT INTO fanfiction_messages VALUES ("3", "gossip", "Gossip", "A page of our own.");
#
# Dump of fanfiction_news
#
INSERT INTO fanfiction_news VALUES ("1", "Mrs Bennet", "Netherfield is let at last", "Have you heard?", "2006-06-01 10:00:00");
#
# Dump of fanfiction_ratings
#
INSERT INTO fanfiction_ratings VALUES ("1", "G", "0", "");
INSERT INTO fanfiction_ratings VALUES ("2", "PG-13", "2", "Are you old enough?");
#
# Dump of fanfiction_reviews
#
INSERT INTO fanfiction_reviews VALUES ("1", "2", "20", "Fitz", "3", "I was <i>wrong</i>.<br><br><i>Author's Response: You were.</i>", "2006-06-05 10:00:00", "8", "1", "ST");
INSERT INTO fanfiction_reviews VALUES ("2", "2", "20", "Charlotte", "0", "No Review", "2006-06-06 10:00:00", "8", "0", "ST");
INSERT INTO fanfiction_reviews VALUES ("3", "4", "0", "Fitz", "3", "All of it.", "2006-06-07 10:00:00", "-1", "0", "SE");
INSERT INTO fanfiction_reviews VALUES ("4", "2", "99", "Jane", "0", "On a lost chapter.", "0000-00-00 00:00:00", "-1", "0", "ST");
#
# Dump of fanfiction_series
#
INSERT INTO fanfiction_series VALUES ("4", "Letters", "Sealed.", "2", "1", "1", "1,3", "0", "", "Comedy,Epistolary", "1,2", "1", "1", "2");
#
# Dump of fanfiction_settings
#
INSERT INTO fanfiction_settings VALUES ("k3", "The Assembly Rooms", "Every savage can dance", "http://www.meryton.example/fic", "mama@longbourn.example", "", "default", "", "en", "0", "stories", "mysql", "0", "1", "0", "0", "0", "200", "300", "1", "0", "<b><i>", "1", "1", "1", "1", "0", "0", "0", "d/m/y", "h:i a", "7", "1", "25", "0", "0", "0", "0", "0", "5", "1", "1", "1", "0", "1", "0", "0", "0", "1", "", "3.3", "mail.meryton.example", "meryton", "longbourn1813");
#
# Dump of fanfiction_stats
#
INSERT INTO fanfiction_stats VALUES ("k3", "2", "2", "1", "3", "12", "2", "3", "1", "3");
#
# Dump of fanfiction_stories
#
INSERT INTO fanfiction_stories VALUES ("2", "First Impressions", "Of a <i>ball</i>.", "For Jane.", "1", "1,2,3", "1,2", "2", "2006-06-03 10:00:00", "2006-06-04 10:00:00", "2", "3", "1", "2", "1", "0", "7", "8", "2", "40", "1");
INSERT INTO fanfiction_stories VALUES ("3", "Wet Through", "", "", "1", "", "1", "PG-13", "0000-00-00 00:00:00", "0000-00-00 00:00:00", "3", "1,2", "", "1", "", "", "5", "0", "0", "-7", "");
