DROP TRIGGER media_note_gone ON media;
DROP FUNCTION media_note_gone();
DROP TABLE media_gone;
