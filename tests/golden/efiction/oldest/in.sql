# phpMyAdmin SQL Dump
CREATE TABLE fanfiction_authors (
  uid int(11) NOT NULL auto_increment,
  penname varchar(200) NOT NULL default '',
  email varchar(200) NOT NULL default '',
  PRIMARY KEY  (uid)
) TYPE=MyISAM AUTO_INCREMENT=3 ;
INSERT INTO fanfiction_authors VALUES (1, 'Laura', 'laura@example.com');
CREATE TABLE fanfiction_stories (
  sid int(11) NOT NULL auto_increment,
  psid int(11) NOT NULL default '0',
  title varchar(200) NOT NULL default '',
  chapter varchar(200) NOT NULL default '',
  summary text NOT NULL,
  catid int(11) NOT NULL default '0',
  gid varchar(250) NOT NULL default '0',
  charid varchar(250) NOT NULL default '0',
  wid varchar(250) NOT NULL default '0',
  rid varchar(25) NOT NULL default '0',
  date datetime NOT NULL default '0000-00-00 00:00:00',
  updated datetime NOT NULL default '0000-00-00 00:00:00',
  uid int(11) NOT NULL default '0',
  counter int(11) NOT NULL default '0',
  validated int(11) NOT NULL default '0',
  inorder tinyint(4) NOT NULL default '0',
  storytext text NOT NULL,
  completed tinyint(4) NOT NULL default '0',
  PRIMARY KEY  (sid)
) TYPE=MyISAM;
INSERT INTO fanfiction_stories VALUES (4, 4, 'The Schloss', 'A Guest', 'Moonlight.', 1, 'Gothic,Romance', 'Carmilla', 'Blood', 'PG-13', '2003-06-01 12:00:00', '0000-00-00 00:00:00', 1, 12, 1, 0, '', 1);
INSERT INTO fanfiction_stories VALUES (5, 4, 'The Schloss', 'A Dream', '', 1, '', '', '', '', '2003-06-02 12:00:00', '0000-00-00 00:00:00', 1, 3, 0, 1, '', 0);
INSERT INTO fanfiction_stories VALUES (6, 4, 'The Schloss', 'A Loss', '', 1, '', '', '', '', '2003-06-03 12:00:00', '0000-00-00 00:00:00', 1, 3, 1, 2, '', 0);
