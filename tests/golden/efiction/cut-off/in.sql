-- MySQL dump 10.11
--
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `fanfiction_chapters`;
CREATE TABLE `fanfiction_chapters` (
  `chapid` int(11) NOT NULL,
  `title` varchar(250) default NULL,
  `inorder` int(11) NOT NULL,
  `storytext` text,
  `sid` int(11) NOT NULL,
  `uid` int(11) NOT NULL,
  PRIMARY KEY (`chapid`)
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_chapters` WRITE;
INSERT INTO `fanfiction_chapters` VALUES (1,'One',1,'The hound was heard at night.',1,1),(2,'Two',1,'The moor was white.',2,1);
UNLOCK TABLES;
CREATE TABLE `fanfiction_stories` (`sid` int(11) NOT NULL, `title` varchar(200), `uid` int(11), `validated` int(11), PRIMARY KEY (`sid`));
INSERT INTO `fanfiction_stories` VALUES (1,'The Hound',1,1),(2,'The Mo