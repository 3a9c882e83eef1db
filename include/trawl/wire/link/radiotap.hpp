// SPDX-License-Identifier: Apache-2.0 OR MIT
/// Radiotap, radiotap.org: little-endian; a bitmap says which fields follow, each at its natural alignment.
#pragma once
#include "trawl/wire/layer.hpp"
#include "trawl/wire/numbers.hpp"

namespace trawl::inline v0::wire {

// clang-format off
struct Radiotap : Layer<Radiotap, 8> {
  static constexpr auto name = "radiotap";
  static constexpr auto title = "Radiotap Header";
  static constexpr LeField<u8, 0>      version         {"version", "radiotap.org"};
  static constexpr LeField<u8, 8>      padding         {"pad",     "radiotap.org"};
  static constexpr LeField<u16, 16>    length          {"length",  "radiotap.org"};
  static constexpr LeField<u32, 32>    present         {"present.word", "radiotap.org", {.show = Show::hex}};
  static constexpr LeField<bool, 32>   has_tsft        {"present.tsft",    "radiotap.org/fields/TSFT"};
  static constexpr LeField<bool, 33>   has_flags       {"present.flags",   "radiotap.org/fields/Flags"};
  static constexpr LeField<bool, 34>   has_rate        {"present.rate",    "radiotap.org/fields/Rate"};
  static constexpr LeField<bool, 35>   has_channel     {"present.channel", "radiotap.org/fields/Channel"};
  static constexpr LeField<bool, 36>   has_fhss        {"present.fhss",    "radiotap.org/fields/FHSS"};
  static constexpr LeField<bool, 37>   has_signal      {"present.dbm_antsignal", "radiotap.org/fields/Antenna_signal"};
  static constexpr LeField<bool, 38>   has_noise       {"present.dbm_antnoise", "radiotap.org/fields/Antenna_noise"};
  static constexpr LeField<bool, 39>   has_quality     {"present.lock_quality", "radiotap.org/fields/Lock_quality"};
  static constexpr LeField<bool, 40>   has_attenuation {"present.tx_attenuation", "radiotap.org/fields/TX_attenuation"};
  static constexpr LeField<bool, 41>   has_db_attenuation {"present.db_tx_attenuation", "radiotap.org/fields/dB_TX_attenuation"};
  static constexpr LeField<bool, 42>   has_tx_power    {"present.dbm_tx_power", "radiotap.org/fields/dBm_TX_power"};
  static constexpr LeField<bool, 43>   has_antenna     {"present.antenna", "radiotap.org/fields/Antenna"};
  static constexpr LeField<bool, 44>   has_db_signal   {"present.db_antsignal", "radiotap.org/fields/dB_antenna_signal"};
  static constexpr LeField<bool, 45>   has_db_noise    {"present.db_antnoise", "radiotap.org/fields/dB_antenna_noise"};
  static constexpr LeField<bool, 46>   has_rx_flags    {"present.rxflags", "radiotap.org/fields/RX_flags"};
  static constexpr LeField<bool, 47>   has_tx_flags    {"present.txflags", "radiotap.org/fields/TX_flags"};
  static constexpr LeField<bool, 51>   has_mcs         {"present.mcs", "radiotap.org/fields/MCS"};
  static constexpr LeField<bool, 63>   more            {"present.ext", "radiotap.org"};
  static constexpr auto fields = cover<8>(version, padding, length, present, has_tsft, has_flags, has_rate, has_channel, has_fhss, has_signal,
      has_noise, has_quality, has_attenuation, has_db_attenuation, has_tx_power, has_antenna, has_db_signal, has_db_noise, has_rx_flags,
      has_tx_flags, has_mcs, more);

  static constexpr Part<Blob, 0>     words     {"present.words", "radiotap.org", {.when = more == true, .while_top_bit = true}};
  static constexpr Part<Le<u64>, 1>  tsft      {"mactime",      "radiotap.org/fields/TSFT",    {.when = has_tsft == true, .align = 8}};
  static constexpr Part<u8, 2>       flags     {"flags",        "radiotap.org/fields/Flags",   {.when = has_flags == true, .say = {.show = Show::hex}}};
  static constexpr LeBits<bool, 2, 0> cfp       {"flags.cfp",      "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 1> preamble  {"flags.preamble", "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 2> wep       {"flags.wep",      "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 3> fragmented {"flags.frag",    "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 4> fcs       {"flags.fcs",      "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 5> data_pad  {"flags.datapad",  "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 6> bad_fcs   {"flags.badfcs",   "radiotap.org/fields/Flags"};
  static constexpr LeBits<bool, 2, 7> short_gi  {"flags.shortgi",  "radiotap.org/fields/Flags"};
  static constexpr Part<u8, 3>       rate      {"rate",         "radiotap.org/fields/Rate",    {.when = has_rate == true}};
  static constexpr Part<Le<u16>, 4>  frequency {"channel.freq", "radiotap.org/fields/Channel", {.when = has_channel == true, .align = 2}};
  static constexpr Part<Le<u16>, 5>  channel_flags {"channel.flags", "radiotap.org/fields/Channel", {.when = has_channel == true, .say = {.show = Show::hex}}};
  static constexpr Part<u8, 6>       hop_set   {"fhss.hopset",  "radiotap.org/fields/FHSS",    {.when = has_fhss == true}};
  static constexpr Part<u8, 7>       hop_pattern {"fhss.pattern", "radiotap.org/fields/FHSS",  {.when = has_fhss == true}};
  static constexpr Part<i8, 8>       signal    {"dbm_antsignal", "radiotap.org/fields/Antenna_signal", {.when = has_signal == true}};
  static constexpr Part<i8, 9>       noise     {"dbm_antnoise", "radiotap.org/fields/Antenna_noise", {.when = has_noise == true}};
  static constexpr Part<Le<u16>, 10> quality   {"quality",      "radiotap.org/fields/Lock_quality", {.when = has_quality == true, .align = 2}};
  static constexpr Part<Le<u16>, 11> attenuation {"txattenuation", "radiotap.org/fields/TX_attenuation", {.when = has_attenuation == true, .align = 2}};
  static constexpr Part<Le<u16>, 12> db_attenuation {"db_txattenuation", "radiotap.org/fields/dB_TX_attenuation", {.when = has_db_attenuation == true, .align = 2}};
  static constexpr Part<i8, 13>      tx_power  {"txpower",      "radiotap.org/fields/dBm_TX_power", {.when = has_tx_power == true}};
  static constexpr Part<u8, 14>      antenna   {"antenna",      "radiotap.org/fields/Antenna", {.when = has_antenna == true}};
  static constexpr Part<u8, 15>      db_signal {"db_antsignal", "radiotap.org/fields/dB_antenna_signal", {.when = has_db_signal == true}};
  static constexpr Part<u8, 16>      db_noise  {"db_antnoise",  "radiotap.org/fields/dB_antenna_noise", {.when = has_db_noise == true}};
  static constexpr Part<Le<u16>, 17> rx_flags  {"rxflags",      "radiotap.org/fields/RX_flags", {.when = has_rx_flags == true, .align = 2, .say = {.show = Show::hex}}};
  static constexpr Part<Le<u16>, 18> tx_flags  {"txflags",      "radiotap.org/fields/TX_flags", {.when = has_tx_flags == true, .align = 2, .say = {.show = Show::hex}}};
  static constexpr Part<Blob, 19>    rest      {"rest",         "radiotap.org"};
  static constexpr auto parts = then(words, tsft, flags, cfp, preamble, wep, fragmented, fcs, data_pad, bad_fcs, short_gi, rate, frequency,
      channel_flags, hop_set, hop_pattern, signal, noise, quality, attenuation, db_attenuation, tx_power, antenna, db_signal, db_noise,
      rx_flags, tx_flags, rest);

  static constexpr auto summary = shown("radiotap.dbm_antsignal", "radiotap.channel.freq");
  static constexpr auto numbers = at(LinkType::ieee802_11_radiotap);
  static constexpr Rules rules {.header_bytes = length, .next = always(LinkType::ieee802_11), .via = "wlan_radio"};
  using Layer::Layer;
};
// clang-format on

}  // namespace trawl::inline v0::wire
