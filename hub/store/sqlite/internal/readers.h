// Readers: a few read-only connections, lent one at a time.
//
// Threads: safe from any thread; waits while all are lent (reads are short and hold no locks).
// Faults:  those of base/sqlite.h.
#pragma once

#include <condition_variable>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/sqlite.h"
#include "hub/store/sqlite/internal/rows_read.h"

namespace tongban::store::sqlite {

class Readers {
public:
    static Result<std::unique_ptr<Readers>> open(const std::string& path, std::size_t count) {
        auto readers = std::make_unique<Readers>();
        for (std::size_t i = 0; i < count; ++i) {
            auto connection = Sqlite::open(path, SqliteMode::read_only);
            if (!connection) return connection.fault();
            readers->free_.lock()->push_back(*std::move(connection));
        }
        return readers;
    }

    template <typename Read>
    auto with(Read&& read) -> decltype(read(std::declval<Sqlite&>())) {
        const Loan loan(*this);
        return std::forward<Read>(read)(*loan.connection);
    }
    template <typename Row, typename... Values>
    Result<std::optional<Row>> one(const Shape<Row>& shape,
                                   std::string_view rest,
                                   const Values&... values) {
        return with([&](Sqlite& database) { return read_one(database, shape, rest, values...); });
    }
    template <typename Row, typename... Values>
    Result<std::vector<Row>> all(const Shape<Row>& shape,
                                 std::string_view rest,
                                 const Values&... values) {
        return with([&](Sqlite& database) { return read_all(database, shape, rest, values...); });
    }

private:
    struct Loan {
        explicit Loan(Readers& from) : readers(from) {
            auto free = readers.free_.lock();
            readers.returned_.wait(free.native(), [&free] { return !free->empty(); });
            connection = std::move(free->back());
            free->pop_back();
        }
        ~Loan() {
            readers.free_.lock()->push_back(std::move(connection));
            readers.returned_.notify_one();
        }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        Readers& readers;
        std::unique_ptr<Sqlite> connection;
    };

    Guarded<std::vector<std::unique_ptr<Sqlite>>> free_;
    std::condition_variable returned_;
};

}  // namespace tongban::store::sqlite
