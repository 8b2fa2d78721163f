# phpMyAdmin SQL Dump
# version 2.5.3
CREATE TABLE fanfiction_settings (
  welcome text,
  thankyou text,
  nothankyou text,
  rules text,
  copyright text,
  help text
) TYPE=MyISAM;
INSERT INTO fanfiction_settings VALUES ('Welcome to the <b>schloss</b>.', 'Your story was accepted.', 'Your story was not accepted.', '1. No coffins.<br>2. No Mary Sues.', 'Not affiliated with Sheridan Le Fanu.', '<center><h4>Help</h4></center>Ask Madame Perrodon.');

CREATE TABLE fanfiction_authors (
  uid text,
  penname text,
  realname text,
  email text,
  website text,
  bio text,
  image text,
  date text,
  newreviews text,
  admincreated text,
  password text,
  validated text,
  userskin text,
  level text,
  contact text,
  carry text,
  categories text,
  bob text
) TYPE=MyISAM;
INSERT INTO fanfiction_authors VALUES (1, 'Laura', 'Laura of Styria', 'laura@schloss.example', 'http://', '', '', '2003-06-01 10:00:00', 1, 0, '5f4dcc3b5aa765d61d8327deb882cf99', 1, 'default', 1, 1, 0, '0', 0);
INSERT INTO fanfiction_authors VALUES (2, 'Carmilla', 'Mircalla Karnstein', 'mircalla@karnstein.example, millarca@karnstein.example', 'http://karnstein.example/', 'I sleep late.\r\nI walk at <i>night</i>.', 'cat.gif', '2003-07-02 11:00:00', 0, 0, '098f6bcd4621d373cade4e832627b4f6', 0, '', 0, 1, 0, '0', 0);
INSERT INTO fanfiction_authors VALUES (3, 'Spielsdorf', 'The General', '', '', '', '', '0000-00-00 00:00:00', 0, 1, '0', 0, '', -1, 0, 0, '0', 0);

CREATE TABLE fanfiction_categories (
  catid text,
  parentcatid text,
  category text,
  description text,
  image text,
  locked text,
  leveldown text,
  displayorder text,
  numitems text
) TYPE=MyISAM;
INSERT INTO fanfiction_categories VALUES (1, -1, 'Carmilla', 'The novella', '', '0', 0, 1, 1);

CREATE TABLE fanfiction_characters (
  charid text,
  catid text,
  charname text
) TYPE=MyISAM;
INSERT INTO fanfiction_characters VALUES (1, 1, 'Carmilla');
INSERT INTO fanfiction_characters VALUES (2, 1, 'Laura');

CREATE TABLE fanfiction_genres (
  gid text,
  genre text
) TYPE=MyISAM;
INSERT INTO fanfiction_genres VALUES (1, 'Gothic');
INSERT INTO fanfiction_genres VALUES (2, 'Humor');

CREATE TABLE fanfiction_warnings (
  wid text,
  warning text
) TYPE=MyISAM;
INSERT INTO fanfiction_warnings VALUES (1, 'Character death');

CREATE TABLE fanfiction_ratings (
  rid text,
  rating text,
  ratingwarning text,
  warningtext text
) TYPE=MyISAM;
INSERT INTO fanfiction_ratings VALUES (1, 'PG-13', 0, '');
INSERT INTO fanfiction_ratings VALUES (2, 'R', 3, 'For grown-ups.');

CREATE TABLE fanfiction_stories (
  sid text,
  psid text,
  title text,
  chapter text,
  summary text,
  catid text,
  gid text,
  charid text,
  wid text,
  rid text,
  date text,
  updated text,
  uid text,
  featured text,
  counter text,
  validated text,
  inorder text,
  storytext text,
  completed text,
  rr text,
  wordcount text,
  numreviews text
) TYPE=MyISAM;
INSERT INTO fanfiction_stories VALUES (4, 4, 'An Early Fright', 'The nursery', 'A child <i>wakes</i>.', 1, 'Gothic', 'Laura,Carmilla', 'Character death', 'R', '2003-08-01 20:00:00', '2003-09-01 20:00:00', 2, 2, 120, 1, 0, 'I was six years old.\r\nA face looked at me from beside the bed.', 1, 0, 17, 2);
INSERT INTO fanfiction_stories VALUES (5, 4, 'An Early Fright', 'The guest', '', 1, 'Gothic', 'Laura', '', 'R', '2003-08-02 20:00:00', '2003-09-01 20:00:00', 1, 0, 0, 1, 1, '<p>She came in a carriage.</p>', 1, 0, 5, 0);
INSERT INTO fanfiction_stories VALUES (6, 6, 'A Peculiar Agony', '', 'Waiting to be read.', 1, 'Humor,Unheard of', 'Madame Perrodon', '', 'PG-13', '0000-00-00 00:00:00', '0000-00-00 00:00:00', 1, 0, 3, 0, 0, 'The moon was full.', 0, 1, 4, 0);
INSERT INTO fanfiction_stories VALUES (9, 8, 'Whose?', 'Lost head', '', 1, '', '', '', 'PG-13', '2003-08-02 20:00:00', '2003-08-02 20:00:00', 1, 0, 0, 1, 2, 'The first chapter is gone.', 0, 0, 6, 0);

CREATE TABLE fanfiction_reviews (
  reviewid text,
  sid text,
  psid text,
  reviewer text,
  member text,
  review text,
  date text,
  rating text
) TYPE=MyISAM;
INSERT INTO fanfiction_reviews VALUES (1, 4, 4, 'Laura', 1, 'I remember.<br><br><i>Author\'s Response: As do I.</i>', '2003-08-05 10:00:00', 9);
INSERT INTO fanfiction_reviews VALUES (2, 5, 4, 'A passing doctor', 0, 'Send for a priest.', '2003-08-06 10:00:00', 0);
INSERT INTO fanfiction_reviews VALUES (3, 77, 76, 'Laura', 1, 'On what is gone.', '2003-08-06 10:00:00', 0);

CREATE TABLE fanfiction_favauth (
  uid text,
  favuid text
) TYPE=MyISAM;
INSERT INTO fanfiction_favauth VALUES (1, 2);

CREATE TABLE fanfiction_favstor (
  uid text,
  sid text
) TYPE=MyISAM;
INSERT INTO fanfiction_favstor VALUES (1, 4);
INSERT INTO fanfiction_favstor VALUES (2, 76);

CREATE TABLE fanfiction_news (
  nid text,
  author text,
  title text,
  story text,
  time text
) TYPE=MyISAM;
INSERT INTO fanfiction_news VALUES (1, 'Laura', 'The archive is open', 'Come in.', '2003-06-01 12:00:00');

CREATE TABLE fanfiction_comments (
  cid text,
  nid text,
  uname text,
  comment text,
  time text
) TYPE=MyISAM;
INSERT INTO fanfiction_comments VALUES (1, 1, 'Carmilla', 'Gladly.', '2003-06-02 12:00:00');
INSERT INTO fanfiction_comments VALUES (2, 1, 'Somebody who left', 'Hello.', '2003-06-03 12:00:00');

