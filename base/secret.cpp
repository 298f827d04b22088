#include "base/secret.h"

#include <openssl/crypto.h>

#include "base/crypto.h"

namespace tongban {

void wipe(std::string& bytes) {
    OPENSSL_cleanse(bytes.data(), bytes.capacity());
    bytes.clear();
}

Secret::Secret(std::string bytes) {
    bytes_.assign(bytes);  // not moved: a short string would leave its bytes in the argument
    wipe(bytes);
}

Secret::Secret(Secret&& other) noexcept {
    *this = std::move(other);
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(bytes_);
    bytes_.swap(other.bytes_);
    wipe(other.bytes_);
    return *this;
}

bool Secret::equals(std::string_view other) const {
    return equal_in_constant_time(bytes_, other);
}

}  // namespace tongban
