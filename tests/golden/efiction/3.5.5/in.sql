-- MySQL dump 10.13
/*!40101 SET NAMES latin1 */;
CREATE TABLE `ody_fanfiction_authorprefs` (
  `uid` text,
  `newreviews` text,
  `newrespond` text,
  `ageconsent` text,
  `alertson` text,
  `tinyMCE` text,
  `sortby` text,
  `storyindex` text,
  `validated` text,
  `userskin` text,
  `level` text,
  `categories` text,
  `contact` text,
  `stories` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_authorprefs` WRITE;
INSERT INTO `ody_fanfiction_authorprefs` VALUES (1,0,0,0,0,0,0,0,0,'default',1,'0',0,0);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_authorfields` (
  `field_id` text,
  `field_type` text,
  `field_name` text,
  `field_title` text,
  `field_options` text,
  `field_code_in` text,
  `field_code_out` text,
  `field_on` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_authorfields` WRITE;
INSERT INTO `ody_fanfiction_authorfields` VALUES (1,1,'website','Web Site','','','',1);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_authorinfo` (
  `uid` text,
  `field` text,
  `info` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_authorinfo` WRITE;
INSERT INTO `ody_fanfiction_authorinfo` VALUES (2,1,'www.ithaca.example/penelope');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_authors` (
  `uid` text,
  `penname` text,
  `realname` text,
  `email` text,
  `website` text,
  `bio` text,
  `image` text,
  `date` text,
  `admincreated` text,
  `password` text,
  `date_backup` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_authors` WRITE;
INSERT INTO `ody_fanfiction_authors` VALUES (1,'Athena','','owl@olympus.example','','','',1291000000,0,'5f4dcc3b5aa765d61d8327deb882cf99','2010-11-29 03:06:40'),(2,'Penelope','','weaver@ithaca.example','','','',0,0,'098f6bcd4621d373cade4e832627b4f6','2009-10-11 12:13:14');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_categories` (
  `catid` text,
  `parentcatid` text,
  `category` text,
  `description` text,
  `image` text,
  `locked` text,
  `leveldown` text,
  `displayorder` text,
  `numitems` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_categories` WRITE;
INSERT INTO `ody_fanfiction_categories` VALUES (1,-1,'The Odyssey','','',0,0,1,1);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_challenges` (
  `chalid` text,
  `challenger` text,
  `uid` text,
  `title` text,
  `catid` text,
  `characters` text,
  `summary` text,
  `responses` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_challenges` WRITE;
INSERT INTO `ody_fanfiction_challenges` VALUES (1,'Athena',1,'A bow','1','','String it.',0);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_chapters` (
  `chapid` text,
  `title` text,
  `inorder` text,
  `notes` text,
  `storytext` text,
  `endnotes` text,
  `validated` text,
  `wordcount` text,
  `rating` text,
  `reviews` text,
  `sid` text,
  `uid` text,
  `count` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_chapters` WRITE;
INSERT INTO `ody_fanfiction_chapters` VALUES (11,'The shroud',1,'','By day she wove it.','By night, not.',1,5,0,32767,1,2,9),(12,'The bow',3,'','Nobody could string it.','',2,4,0,0,1,2,9);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_characters` (
  `charid` text,
  `catid` text,
  `charname` text,
  `bio` text,
  `image` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_characters` WRITE;
INSERT INTO `ody_fanfiction_characters` VALUES (1,-1,'Penelope','','');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_classes` (
  `class_id` text,
  `class_type` text,
  `class_name` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_classes` WRITE;
INSERT INTO `ody_fanfiction_classes` VALUES (1,1,'Homecoming');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_classtypes` (
  `classtype_id` text,
  `classtype_name` text,
  `classtype_title` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_classtypes` WRITE;
INSERT INTO `ody_fanfiction_classtypes` VALUES (1,'tropes','Tropes');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_coauthors` (
  `sid` text,
  `uid` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;

CREATE TABLE `ody_fanfiction_comments` (
  `cid` text,
  `nid` text,
  `uid` text,
  `comment` text,
  `time` text,
  `time_backup` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_comments` WRITE;
INSERT INTO `ody_fanfiction_comments` VALUES (1,1,2,'At last!',1291000060,'2010-11-29 03:07:40'),(2,1,2,'Again!','0','2010-11-30 00:00:00');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_favorites` (
  `uid` text,
  `item` text,
  `type` text,
  `comments` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_favorites` WRITE;
INSERT INTO `ody_fanfiction_favorites` VALUES (2,1,'ST','');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_inseries` (
  `seriesid` text,
  `sid` text,
  `subseriesid` text,
  `confirmed` text,
  `inorder` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_inseries` WRITE;
INSERT INTO `ody_fanfiction_inseries` VALUES (1,1,0,1,1);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_log` (
  `log_id` text,
  `log_action` text,
  `log_uid` text,
  `log_ip` text,
  `log_timestamp` text,
  `log_type` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_log` WRITE;
INSERT INTO `ody_fanfiction_log` VALUES (1,'x',2,'',1291000000,'LP');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_messages` (
  `message_id` text,
  `message_name` text,
  `message_title` text,
  `message_text` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_messages` WRITE;
INSERT INTO `ody_fanfiction_messages` VALUES (1,'help','Help','Ask a goddess.');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_news` (
  `nid` text,
  `author` text,
  `title` text,
  `story` text,
  `time` text,
  `comments` text,
  `time_backup` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_news` WRITE;
INSERT INTO `ody_fanfiction_news` VALUES (1,'Athena','Home','He is back.',1291000000,2,'2010-11-29 03:06:40');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_ratings` (
  `rid` text,
  `rating` text,
  `ratingwarning` text,
  `warningtext` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_ratings` WRITE;
INSERT INTO `ody_fanfiction_ratings` VALUES (1,'All ages',0,'');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_reviews` (
  `reviewid` text,
  `item` text,
  `chapid` text,
  `reviewer` text,
  `uid` text,
  `review` text,
  `date` text,
  `rating` text,
  `respond` text,
  `type` text,
  `date_backup` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_reviews` WRITE;
INSERT INTO `ody_fanfiction_reviews` VALUES (1,1,11,'Telemachus',0,'Mother!',1291000100,1,'0','ST','2010-11-29 03:08:20'),(2,1,12,'Eumaeus',0,'Good.','',-1,'0','ST','2010-12-01 00:00:00');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_series` (
  `seriesid` text,
  `title` text,
  `summary` text,
  `uid` text,
  `isopen` text,
  `catid` text,
  `rating` text,
  `classes` text,
  `characters` text,
  `reviews` text,
  `numstories` text,
  `warnings` text,
  `challenges` text,
  `genres` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_series` WRITE;
INSERT INTO `ody_fanfiction_series` VALUES (1,'Returns','',2,1,'1',0,'1','1',0,1,'','1','');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_settings` (
  `sitekey` text,
  `sitename` text,
  `slogan` text,
  `url` text,
  `siteemail` text,
  `tableprefix` text,
  `language` text,
  `storiespath` text,
  `store` text,
  `ratings` text,
  `version` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_settings` WRITE;
INSERT INTO `ody_fanfiction_settings` VALUES ('o','Ithaca','','http://ithaca.example','owl@olympus.example','ody_','en','stories','mysql',3,'3.5.8');
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_stats` (
  `sitekey` text,
  `stories` text,
  `chapters` text,
  `series` text,
  `reviews` text,
  `wordcount` text,
  `authors` text,
  `members` text,
  `reviewers` text,
  `newestmember` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_stats` WRITE;
INSERT INTO `ody_fanfiction_stats` VALUES ('o',1,2,1,2,9,1,2,0,2);
UNLOCK TABLES;

CREATE TABLE `ody_fanfiction_stories` (
  `sid` text,
  `title` text,
  `summary` text,
  `storynotes` text,
  `catid` text,
  `classes` text,
  `charid` text,
  `rid` text,
  `date` text,
  `updated` text,
  `uid` text,
  `coauthors` text,
  `featured` text,
  `validated` text,
  `completed` text,
  `rr` text,
  `wordcount` text,
  `rating` text,
  `reviews` text,
  `count` text,
  `challenges` text,
  `date_backup` text,
  `updated_backup` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `ody_fanfiction_stories` WRITE;
INSERT INTO `ody_fanfiction_stories` VALUES (1,'The Shroud','Woven.','','1','1','1','1',0,1291000000,2,'0',0,2,1,0,9,0,32767,9,'1','2010-01-02 03:04:05','2010-11-29 03:06:40');
UNLOCK TABLES;

-- Dump completed
