// The part of poppler-cpp that reading reports needs, behind a C interface.
//
// Source: poppler-cpp 22.12, headers poppler-document.h, poppler-page.h, poppler-page-renderer.h.

#include "CPoppler.h"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-embedded-file.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>

struct CPopplerDocument {
    // poppler reads from these bytes as long as the document lives.
    std::vector<char> bytes;
    std::unique_ptr<poppler::document> document;
};

namespace {

std::atomic<bool> lacksEncodingData{false};
std::atomic<bool> hasDamage{false};

// Errors of poppler go nowhere. One says that encoding data is not installed, some that a part of
// the text is lost; most are of no consequence.
void noteError(const std::string &message, void *) {
    const auto says = [&message](const char *text) {
        return message.find(text) != std::string::npos;
    };
    if (says("language pack")) { lacksEncodingData = true; }
    if (says("in flate stream") || says("Missing 'endstream'") || says("Weird page contents")
        || says("Couldn't read xref table")) {
        hasDamage = true;
    }
}

void silence() {
    static const bool once = [] {
        poppler::set_debug_error_function(noteError, nullptr);
        return true;
    }();
    (void)once;
}

// The scalars of a text in UTF-16; a lone surrogate stays what it is.
std::vector<uint32_t> scalars(const poppler::ustring &text) {
    std::vector<uint32_t> result;
    result.reserve(text.size());
    for (size_t index = 0; index < text.size(); index++) {
        uint32_t unit = text[index];
        if (unit >= 0xD800 && unit < 0xDC00 && index + 1 < text.size()) {
            uint32_t low = text[index + 1];
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                index++;
            }
        }
        if (unit == 0xFEFF && result.empty()) { continue; }
        result.push_back(unit);
    }
    return result;
}

void append(const poppler::text_box &box, std::vector<CPopplerCharacter> &list) {
    const std::vector<uint32_t> text = scalars(box.text());
    const bool knowsFont = box.has_font_info();
    const double size = knowsFont ? box.get_font_size() : 0;
    const bool isVertical = knowsFont && box.get_wmode() == poppler::text_box::vertical_wmode;
    const int rotation = box.rotation();
    for (size_t index = 0; index < text.size(); index++) {
        const poppler::rectf rect = box.char_bbox(index);
        CPopplerCharacter item = {};
        item.x = rect.x();
        item.y = rect.y();
        item.width = rect.width();
        item.height = rect.height();
        item.fontSize = size;
        item.scalar = text[index];
        item.rotation = static_cast<uint8_t>((rotation % 4 + 4) % 4);
        item.isVertical = isVertical ? 1 : 0;
        item.hasSpaceAfter = index + 1 == text.size() && box.has_space_after() ? 1 : 0;
        list.push_back(item);
    }
}

std::unique_ptr<poppler::page> page(CPopplerDocument *document, int32_t index) {
    return std::unique_ptr<poppler::page>(document->document->create_page(index));
}

void displayedSize(const poppler::page &page, double &width, double &height) {
    const poppler::rectf rect = page.page_rect();
    const auto orientation = page.orientation();
    const bool isTurned = orientation == poppler::page::landscape
        || orientation == poppler::page::seascape;
    width = isTurned ? rect.height() : rect.width();
    height = isTurned ? rect.width() : rect.height();
}

}  // namespace

CPopplerStatus cpoppler_open(const uint8_t *bytes, size_t count, CPopplerDocument **result) {
    *result = nullptr;
    if (count > INT32_MAX) { return CPOPPLER_TOO_MUCH; }
    try {
        silence();
        lacksEncodingData = false;
        hasDamage = false;
        auto holder = std::make_unique<CPopplerDocument>();
        const char *start = reinterpret_cast<const char *>(bytes);
        holder->bytes.assign(start, start + count);
        holder->document.reset(poppler::document::load_from_raw_data(
            holder->bytes.data(), static_cast<int>(count)));
        if (!holder->document) { return CPOPPLER_DAMAGED; }
        if (holder->document->is_locked()) { return CPOPPLER_LOCKED; }
        *result = holder.release();
        return CPOPPLER_OK;
    } catch (...) {
        return CPOPPLER_FAILED;
    }
}

void cpoppler_close(CPopplerDocument *document) {
    try {
        delete document;
    } catch (...) {
    }
}

int32_t cpoppler_page_count(const CPopplerDocument *document) {
    try {
        return document->document->pages();
    } catch (...) {
        return 0;
    }
}

int32_t cpoppler_embedded_count(const CPopplerDocument *document) {
    try {
        if (!document->document->has_embedded_files()) { return 0; }
        return static_cast<int32_t>(document->document->embedded_files().size());
    } catch (...) {
        return 0;
    }
}

int32_t cpoppler_lacks_encoding_data(void) { return lacksEncodingData ? 1 : 0; }

int32_t cpoppler_has_damage(void) { return hasDamage ? 1 : 0; }

CPopplerStatus cpoppler_page_size(
    CPopplerDocument *document, int32_t index, double *width, double *height) {
    *width = 0;
    *height = 0;
    try {
        const auto found = page(document, index);
        if (!found) { return CPOPPLER_FAILED; }
        displayedSize(*found, *width, *height);
        return CPOPPLER_OK;
    } catch (...) {
        return CPOPPLER_FAILED;
    }
}

CPopplerStatus cpoppler_page_characters(
    CPopplerDocument *document, int32_t index, size_t limit, CPopplerCharacters *result) {
    *result = {};
    try {
        const auto found = page(document, index);
        if (!found) { return CPOPPLER_FAILED; }
        std::vector<CPopplerCharacter> list;
        for (const poppler::text_box &box :
             found->text_list(poppler::page::text_list_include_font)) {
            append(box, list);
            if (list.size() > limit) { return CPOPPLER_TOO_MUCH; }
        }
        if (list.empty()) { return CPOPPLER_OK; }
        const size_t bytes = list.size() * sizeof(CPopplerCharacter);
        result->items = static_cast<CPopplerCharacter *>(std::malloc(bytes));
        if (result->items == nullptr) { return CPOPPLER_FAILED; }
        std::memcpy(result->items, list.data(), bytes);
        result->count = list.size();
        return CPOPPLER_OK;
    } catch (...) {
        return CPOPPLER_FAILED;
    }
}

void cpoppler_free_characters(CPopplerCharacters *characters) {
    std::free(characters->items);
    *characters = {};
}

CPopplerStatus cpoppler_page_raster(
    CPopplerDocument *document, int32_t index, double scale, size_t limit,
    CPopplerRaster *result) {
    *result = {};
    try {
        if (!poppler::page_renderer::can_render()) { return CPOPPLER_FAILED; }
        const auto found = page(document, index);
        if (!found) { return CPOPPLER_FAILED; }
        double width = 0;
        double height = 0;
        displayedSize(*found, width, height);
        if (!(width >= 1 && height >= 1 && width < 1e6 && height < 1e6)) {
            return CPOPPLER_FAILED;
        }
        const double wanted = width * height * scale * scale;
        if (wanted > static_cast<double>(limit)) {
            scale *= std::sqrt(static_cast<double>(limit) / wanted);
        }
        poppler::page_renderer renderer;
        renderer.set_image_format(poppler::image::format_gray8);
        renderer.set_render_hints(0);
        const poppler::image image = renderer.render_page(found.get(), scale * 72, scale * 72);
        if (!image.is_valid() || image.format() != poppler::image::format_gray8) {
            return CPOPPLER_FAILED;
        }
        const size_t bytes = static_cast<size_t>(image.bytes_per_row())
            * static_cast<size_t>(image.height());
        result->pixels = static_cast<uint8_t *>(std::malloc(bytes > 0 ? bytes : 1));
        if (result->pixels == nullptr) { return CPOPPLER_FAILED; }
        std::memcpy(result->pixels, image.const_data(), bytes);
        result->width = image.width();
        result->height = image.height();
        result->bytesPerRow = image.bytes_per_row();
        result->scale = scale;
        return CPOPPLER_OK;
    } catch (...) {
        return CPOPPLER_FAILED;
    }
}

void cpoppler_free_raster(CPopplerRaster *raster) {
    std::free(raster->pixels);
    *raster = {};
}
