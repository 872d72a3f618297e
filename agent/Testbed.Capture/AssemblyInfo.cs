// The project's first file; replaced by what belongs here.
