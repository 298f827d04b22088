// RecordWords: what the writers of the offices' records share: code lists of ID types, and each
// office's habits with a name or a number.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "connectors/sandbox/world.h"
#include "connectors/sandbox/xml_text.h"

namespace tongban::sandbox {

std::string_view xian_id(IdKind kind);
std::string_view social_id(IdKind kind);
std::string_view registry_id(IdKind kind);
std::string_view tax_id(IdKind kind);
std::string_view yinchuan_id(IdKind kind);

std::string number_sex(Sex sex);  // GB/T 2261.1

std::string social_name(const Person& person);
std::string registry_name(const Person& person);
std::string registry_number(const Person& person);
std::string registry_unit(const std::string& unit);

XmlText::Attributes namespaced(std::string_view name, std::string_view ns);

// Pieces that several messages of one office are made of.
void write_xian_certificate(XmlText& x, const Certificate& certificate);  // the element ZM
void write_yinchuan_person(XmlText& x, std::string_view element, const Person& person);

}  // namespace tongban::sandbox
