#ifndef CPOPPLER_H
#define CPOPPLER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a call came to; nothing else is ever reported, and no C++ exception leaves this library.
typedef enum {
    CPOPPLER_OK = 0,
    /// The bytes are no PDF, or one without pages.
    CPOPPLER_DAMAGED = 1,
    /// A password is needed to read the file.
    CPOPPLER_LOCKED = 2,
    /// The page holds more than the ceiling given.
    CPOPPLER_TOO_MUCH = 3,
    /// The page cannot be read.
    CPOPPLER_FAILED = 4,
} CPopplerStatus;

/// An open document; used by one thread at a time.
typedef struct CPopplerDocument CPopplerDocument;

/// One character of a page in points; y grows downwards from the top of the page as displayed.
typedef struct {
    double x;
    double y;
    double width;
    double height;
    double fontSize;
    /// Unicode scalar, or what a broken font gives instead of one.
    uint32_t scalar;
    /// Quarter turns of the text against the page as displayed.
    uint8_t rotation;
    /// Whether the text runs from top to bottom in upright characters.
    uint8_t isVertical;
    /// Whether a blank follows in the text.
    uint8_t hasSpaceAfter;
} CPopplerCharacter;

/// Characters of a page; freed by `cpoppler_free_characters`.
typedef struct {
    CPopplerCharacter *items;
    size_t count;
} CPopplerCharacters;

/// A page in shades of grey, one byte a pixel; freed by `cpoppler_free_raster`.
typedef struct {
    uint8_t *pixels;
    int32_t width;
    int32_t height;
    int32_t bytesPerRow;
    /// Pixels of one point.
    double scale;
} CPopplerRaster;

/// Opens a PDF; the bytes are copied.
CPopplerStatus cpoppler_open(const uint8_t *bytes, size_t count, CPopplerDocument **result);

/// Closes a document.
void cpoppler_close(CPopplerDocument *document);

/// Number of pages that the document claims.
int32_t cpoppler_page_count(const CPopplerDocument *document);

/// Number of files embedded in the document.
int32_t cpoppler_embedded_count(const CPopplerDocument *document);

/// Whether text was met whose characters cannot be known for want of the encoding data.
int32_t cpoppler_lacks_encoding_data(void);

/// Whether a part of the document was met that is damaged and may have lost text.
int32_t cpoppler_has_damage(void);

/// Size of a page as displayed, in points.
CPopplerStatus cpoppler_page_size(
    CPopplerDocument *document, int32_t page, double *width, double *height);

/// Reads the characters of a page; `limit` is the most that are taken.
CPopplerStatus cpoppler_page_characters(
    CPopplerDocument *document, int32_t page, size_t limit, CPopplerCharacters *result);

/// Frees characters.
void cpoppler_free_characters(CPopplerCharacters *characters);

/// Draws a page without smoothing at `scale` pixels a point, less when it has more than `limit`
/// pixels.
CPopplerStatus cpoppler_page_raster(
    CPopplerDocument *document, int32_t page, double scale, size_t limit, CPopplerRaster *result);

/// Frees a raster.
void cpoppler_free_raster(CPopplerRaster *raster);

#ifdef __cplusplus
}
#endif

#endif
