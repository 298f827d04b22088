// Runs one of tests/tools, our independent verifiers, in the interpreter that has the apt modules.
#pragma once

#include <cstdio>
#include <string>

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>

namespace tongban::audit_tests {

struct Ran {
    int code = -1;
    std::string output;
};

inline Ran run(const std::string& tool, const std::string& arguments) {
    const std::string command =
        "/usr/bin/python3 " TONGBAN_SOURCE_DIR "/tests/tools/" + tool + " " + arguments + " 2>&1";
    Ran ran;
    FILE* const pipe = ::popen(command.c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr)
        ran.output += buffer;
    const int status = ::pclose(pipe);
    ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

}  // namespace tongban::audit_tests
