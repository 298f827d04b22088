// BadInput: the catalogue of what arrives broken or hostile: its name, where it enters, how it is
// made, and what must answer.
//
// Two tests read it. What enters as a record is run in process
// (tests/unit/mapping/bad_inputs_test.cpp), which also writes docs/bad-input.md from what really
// happened. What enters through a socket, a folder or a driver is sent to a running city by
// tests/system/bad_input_test.py, which takes its list from that page.
//
// Threads: values.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "mapping/engine.h"
#include "schemas/finding.h"

namespace tongban::support {

enum class Enters {
    soap,      // an office's answer: SOAP body, XML in GB18030
    file,      // an office's answer: XML file
    json,      // an office's answer: JSON
    rows,      // an office's answer: rows of a database view
    request,   // an office's own request
    office,    // an office that misbehaves in its own protocol
    endpoint,  // the connector's local HTTP endpoint
    drop,      // the drop folder of an office
    odbc,      // the database view itself
    network,   // the hub's ports
};
std::string name_of(Enters enters);
bool runs_in_process(Enters enters);

struct BadInput {
    std::string name;  // stable, also the name of the system test's method
    Enters enters = Enters::soap;
    std::string what;                   // how it is made, for a reader
    std::function<std::string()> make;  // in process: the bytes
    // In process: exactly the codes of the findings that stop the record (or ask an officer, for a
    // rule). Elsewhere: the code that the sender or the log sees.
    std::vector<std::string> codes;
    // Elsewhere: what the hub or connector does, and what the clerk or operator reads.
    std::string severity;
    std::string zh;
    std::string en;
};

std::vector<BadInput> bad_inputs();  // all, in the order of the page
std::vector<BadInput> bad_xml_inputs();
std::vector<BadInput> bad_json_and_rows_inputs();
std::vector<BadInput> bad_record_inputs();   // well-formed and valid, but not true
std::vector<BadInput> bad_outside_inputs();  // what only a running city can be sent

struct Outcome {
    std::string stage;  // where it ended: decode, validate, canonicalise, verify; "accepted" when
                        // nothing stopped it
    std::vector<schemas::Finding> findings;  // that a good record of the same kind does not have
};

// Through decode, validate, canonicalise and, with good records for the other parts, verify.
Outcome run_in_process(const BadInput& input, const mapping::Engine& engine);

// docs/bad-input.md from what happened.
std::string page_of(const std::vector<std::pair<BadInput, Outcome>>& results);

}  // namespace tongban::support
