-- phpMyAdmin SQL Dump
-- version 2.6.1
CREATE TABLE `hol_fanfiction_settings` (
  `sitekey` text,
  `sitename` text,
  `slogan` text,
  `url` text,
  `siteemail` text,
  `tableprefix` text,
  `skin` text,
  `language` text,
  `storiespath` text,
  `store` text,
  `ratings` text,
  `version` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_settings` (`sitekey`, `sitename`, `slogan`, `url`, `siteemail`, `tableprefix`, `skin`, `language`, `storiespath`, `store`, `ratings`, `version`) VALUES
('abc', 'Baker Street Irregular Fiction', 'The game is afoot', 'http://www.bakerstreet.example', 'lestrade@yard.example', 'hol_', 'default', 'en', 'stories', 'mysql', '1', '2.0.7');

CREATE TABLE `hol_fanfiction_authors` (
  `uid` text,
  `penname` text,
  `realname` text,
  `email` text,
  `website` text,
  `bio` text,
  `image` text,
  `date` text,
  `newreviews` text,
  `admincreated` text,
  `password` text,
  `validated` text,
  `userskin` text,
  `level` text,
  `contact` text,
  `categories` text,
  `ageconsent` text,
  `betareader` text,
  `alertson` text,
  `AOL` text,
  `Yahoo` text,
  `ICQ` text,
  `MSN` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_authors` (`uid`, `penname`, `realname`, `email`, `website`, `bio`, `image`, `date`, `newreviews`, `admincreated`, `password`, `validated`, `userskin`, `level`, `contact`, `categories`, `ageconsent`, `betareader`, `alertson`, `AOL`, `Yahoo`, `ICQ`, `MSN`) VALUES
(1, 'Lestrade', 'G. Lestrade', 'lestrade@yard.example', '', '', '', '2005-01-01 00:00:00', 0, 0, '5f4dcc3b5aa765d61d8327deb882cf99', 0, 'default', 2, 0, '0', 1, 0, 0, '', '', '', ''),
(2, 'Watson', 'John H. Watson', 'watson@bart.example', 'www.watson.example', 'Late of the Army Medical Department.', '', '2005-01-02 00:00:00', 1, 0, 'd41d8cd98f00b204e9800998ecf8427e', 1, '', 0, 1, '0', 1, 1, 1, 'JHW221B', '', '12345', 'watson@msn.example'),
(3, 'Mrs Hudson', '', '', '', '', '', '0000-00-00 00:00:00', 0, 1, '0', 0, '', 0, 0, '0', 0, 0, 0, '', 'hudson221', '', '');

CREATE TABLE `hol_fanfiction_categories` (
  `catid` text,
  `parentcatid` text,
  `category` text,
  `description` text,
  `image` text,
  `locked` text,
  `leveldown` text,
  `displayorder` text,
  `numitems` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_categories` (`catid`, `parentcatid`, `category`, `description`, `image`, `locked`, `leveldown`, `displayorder`, `numitems`) VALUES
(1, -1, 'Sherlock Holmes', '', '', '0', 0, 1, 2),
(2, 1, 'The Return', '', '', '0', 1, 1, 1);

CREATE TABLE `hol_fanfiction_characters` (
  `charid` text,
  `catid` text,
  `charname` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_characters` (`charid`, `catid`, `charname`) VALUES
(1, -1, 'Holmes'),
(2, -1, 'Watson'),
(3, -1, 'Holmes/Watson');

CREATE TABLE `hol_fanfiction_genres` (
  `gid` text,
  `genre` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_genres` (`gid`, `genre`) VALUES
(1, 'Case'),
(2, 'Friendship');

CREATE TABLE `hol_fanfiction_warnings` (
  `wid` text,
  `warning` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_warnings` (`wid`, `warning`) VALUES
(1, 'Tobacco');

CREATE TABLE `hol_fanfiction_ratings` (
  `rid` text,
  `rating` text,
  `ratingwarning` text,
  `warningtext` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_ratings` (`rid`, `rating`, `ratingwarning`, `warningtext`) VALUES
(1, 'G', '0', ''),
(2, 'NC-17', '7', 'Members only.');

CREATE TABLE `hol_fanfiction_challenges` (
  `chalid` text,
  `challenger` text,
  `uid` text,
  `title` text,
  `catid` text,
  `characters` text,
  `summary` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_challenges` (`chalid`, `challenger`, `uid`, `title`, `catid`, `characters`, `summary`) VALUES
(1, 'Watson', 2, 'The dog did nothing', '1', 'Holmes,Watson', 'Write <b>what the dog saw</b>.'),
(2, 'Irene', 9, 'A scandal', '-1', '', 'Anything.');

CREATE TABLE `hol_fanfiction_stories` (
  `sid` text,
  `title` text,
  `summary` text,
  `catid` text,
  `gid` text,
  `charid` text,
  `wid` text,
  `rid` text,
  `date` text,
  `updated` text,
  `uid` text,
  `featured` text,
  `validated` text,
  `completed` text,
  `rr` text,
  `wordcount` text,
  `rating` text,
  `reviews` text,
  `challenges` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_stories` (`sid`, `title`, `summary`, `catid`, `gid`, `charid`, `wid`, `rid`, `date`, `updated`, `uid`, `featured`, `validated`, `completed`, `rr`, `wordcount`, `rating`, `reviews`, `challenges`) VALUES
(10, 'The Curious Incident', 'In the night-time.', '1,2', 'Case,Friendship', 'Holmes,Holmes/Watson', 'Tobacco', 'G', '2005-02-01 10:00:00', '2005-02-02 10:00:00', 2, '1', '2', '1', '0', 9, 9, 2, '1'),
(11, 'The Locked Room', 'For members.', '1', 'Case', 'Holmes', '', 'NC-17', '2005-03-01 10:00:00', '2005-03-01 10:00:00', 3, '0', '1', '', '1', 6, 0, 0, '0'),
(12, 'The Rejected Client', '', '1', '', '', '', 'G', '0000-00-00 00:00:00', '0000-00-00 00:00:00', 3, '', '', '', '', 0, 0, 0, '');

CREATE TABLE `hol_fanfiction_chapters` (
  `chapid` text,
  `title` text,
  `inorder` text,
  `notes` text,
  `storytext` text,
  `validated` text,
  `wordcount` text,
  `rating` text,
  `reviews` text,
  `sid` text,
  `uid` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_chapters` (`chapid`, `title`, `inorder`, `notes`, `storytext`, `validated`, `wordcount`, `rating`, `reviews`, `sid`, `uid`) VALUES
(100, 'The stable', 1, 'Set in Dartmoor.', 'The dog did nothing.<br />That was the curious incident.', 1, 9, 9, 2, 10, 2),
(101, 'The key', 1, '', 'Nobody went in.\r\nNobody came out.', 1, 6, 0, 0, 11, 3),
(102, 'The window', 3, '', 'A round robin: my turn.', 1, 5, 0, 0, 11, 2),
(103, '', 1, '', 'Come at once.', 0, 3, 0, 0, 12, 3);

CREATE TABLE `hol_fanfiction_reviews` (
  `reviewid` text,
  `sid` text,
  `chapid` text,
  `reviewer` text,
  `member` text,
  `review` text,
  `date` text,
  `rating` text,
  `respond` text,
  `seriesid` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_reviews` (`reviewid`, `sid`, `chapid`, `reviewer`, `member`, `review`, `date`, `rating`, `respond`, `seriesid`) VALUES
(1, 10, 100, 'Mrs Hudson', 3, 'Most singular!<br><br><i>Author\'s Response: Elementary.</i>', '2005-02-03 10:00:00', 9, '1', 0),
(2, 10, 100, 'A client', 0, 'No Review', '2005-02-04 10:00:00', 10, '0', 0),
(3, 0, 0, 'Mrs Hudson', 3, 'All of them.', '2005-02-05 10:00:00', 0, '0', 5);

CREATE TABLE `hol_fanfiction_series` (
  `seriesid` text,
  `title` text,
  `summary` text,
  `owner` text,
  `isopen` text,
  `catid` text,
  `genres` text,
  `warnings` text,
  `characters` text,
  `rating` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_series` (`seriesid`, `title`, `summary`, `owner`, `isopen`, `catid`, `genres`, `warnings`, `characters`, `rating`) VALUES
(5, 'Memoirs', 'From my notes.', 2, 1, '1', 'Case', 'Tobacco', 'Holmes', 0),
(6, 'Adventures', '', 2, 0, '1', '', '', '', 0);

CREATE TABLE `hol_fanfiction_inseries` (
  `seriesid` text,
  `sid` text,
  `subseriesid` text,
  `confirmed` text,
  `inorder` text,
  `updated` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_inseries` (`seriesid`, `sid`, `subseriesid`, `confirmed`, `inorder`, `updated`) VALUES
(5, 10, 0, 0, 1, '0000-00-00 00:00:00'),
(6, 0, 5, 0, 1, '0000-00-00 00:00:00'),
(6, 99, 0, 0, 2, '0000-00-00 00:00:00');

CREATE TABLE `hol_fanfiction_favauth` (
  `uid` text,
  `favuid` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_favauth` (`uid`, `favuid`) VALUES
(3, 2);

CREATE TABLE `hol_fanfiction_favstor` (
  `uid` text,
  `sid` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_favstor` (`uid`, `sid`) VALUES
(3, 10);

CREATE TABLE `hol_fanfiction_favseries` (
  `uid` text,
  `seriesid` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_favseries` (`uid`, `seriesid`) VALUES
(3, 5);

CREATE TABLE `hol_fanfiction_news` (
  `nid` text,
  `author` text,
  `title` text,
  `story` text,
  `time` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_news` (`nid`, `author`, `title`, `story`, `time`) VALUES
(1, 'Lestrade', 'Moved', 'To a new <i>server</i>.', '2005-05-01 00:00:00');

CREATE TABLE `hol_fanfiction_comments` (
  `cid` text,
  `nid` text,
  `uname` text,
  `comment` text,
  `time` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_comments` (`cid`, `nid`, `uname`, `comment`, `time`) VALUES
(1, 1, 'Watson', 'Capital!', '2005-05-02 00:00:00'),
(2, 8, 'Watson', 'On lost news.', '2005-05-02 00:00:00');

CREATE TABLE `hol_fanfiction_messages` (
  `message_id` text,
  `message_name` text,
  `message_title` text,
  `message_text` text
) ENGINE=MyISAM;
INSERT INTO `hol_fanfiction_messages` (`message_id`, `message_name`, `message_title`, `message_text`) VALUES
(1, 'welcome', 'Welcome', 'Step <b>in</b>.'),
(2, 'rules', 'Rules', '');

