// The checks of this build, one pair of functions each. Judges are declared here so that unit tests reach
// them.
#pragma once

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

// 1-8.a: a PC/SC reader for Type B cards: found, connected, ATR, UID, removal.
Result<void> stimulate_card_presence(Stage& stage);
Judgement judge_card_presence(const Transcript& transcript, const CheckContext& context);

// 1-8.b: long reads arrive byte by byte as the card sent them.
Result<void> stimulate_long_reads(Stage& stage);
Judgement judge_long_reads(const Transcript& transcript, const CheckContext& context);

// 1-8.d: the card that is a residence card as well. Its update and its way without PIN are not tried yet.
Result<void> stimulate_combined_card(Stage& stage);
Judgement judge_combined_card(const Transcript& transcript, const CheckContext& context);

// 1-8.c: the announced next card, as far as it needs no update.
Result<void> stimulate_next_card(Stage& stage);
Judgement judge_next_card(const Transcript& transcript, const CheckContext& context);

// 3-14.f: eligibility by phone, and a cancel on the way. 1-8.e: by both kinds of phone. 1-8.k: where to hold
// it.
inline constexpr std::string_view kPhoneFlow = "phone_flow";
Result<void> stimulate_phone_flow(Stage& stage);
Judgement judge_phone_flow(const Transcript& transcript, const CheckContext& context);
Judgement judge_phone_kinds(const Transcript& transcript, const CheckContext& context);
Judgement judge_phone_guidance(const Transcript& transcript, const CheckContext& context);

// 1-8.m: a lifetime's number of reads without an error and without growth.
Result<void> stimulate_lifetime_reads(Stage& stage);
Judgement judge_lifetime_reads(const Transcript& transcript, const CheckContext& context);

// 2-1.a: usable as a plain PC/SC reader under Windows. This bench has no Windows.
Result<void> stimulate_windows_reader(Stage& stage);
Judgement judge_windows_reader(const Transcript& transcript, const CheckContext& context);

// 2-1.b: another program uses the reader during a session. 2-1.c: a plain PC/SC reader under Linux.
Result<void> stimulate_shared_reader(Stage& stage);
Judgement judge_shared_reader(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_plain_reader(Stage& stage);
Judgement judge_plain_reader(const Transcript& transcript, const CheckContext& context);

// 2-5: text is UTF-8 and comes through whole.
Result<void> stimulate_text_encoding(Stage& stage);
Judgement judge_text_encoding(const Transcript& transcript, const CheckContext& context);

// 3-10.h, 3-10.i: the screen keypad's grid and its millimetres.
Result<void> stimulate_keypad_geometry(Stage& stage);
Judgement judge_keypad_grid(const Transcript& transcript, const CheckContext& context);
Judgement judge_keypad_size(const Transcript& transcript, const CheckContext& context);

// 1-9.a: touches are felt where they land.
Result<void> stimulate_touch_map(Stage& stage);
Judgement judge_touch_map(const Transcript& transcript, const CheckContext& context);

// 1-9.b: no consent without an act of the patient.
Result<void> stimulate_consent_silence(Stage& stage);
Judgement judge_consent_silence(const Transcript& transcript, const CheckContext& context);

// 1-14.b, .c, .e: the physical keypad: its rows, what its keys do, and that it may be pulled.
Result<void> stimulate_keypad_rows(Stage& stage);
Judgement judge_keypad_rows(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_key_legends(Stage& stage);
Judgement judge_key_legends(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_keypad_hotplug(Stage& stage);
Judgement judge_keypad_hotplug(const Transcript& transcript, const CheckContext& context);

// 1-12.a: text of the screen walk is large enough and whole.
Judgement judge_text_size(const Transcript& transcript, const CheckContext& context);

// 3-10.f, 3-10.n: the contrast of every text of the screen walk.
Judgement judge_text_contrast(const Transcript& transcript, const CheckContext& context);
Judgement judge_text_contrast_without_exception(const Transcript& transcript, const CheckContext& context);

// 3-10.j, .k, .l: what the keys of the screen keypad look like, and what they do when touched. 1-18.c: what
// they do not show.
Judgement judge_digit_contrast(const Transcript& transcript, const CheckContext& context);
Judgement judge_key_feedback(const Transcript& transcript, const CheckContext& context);
Judgement judge_auxiliary_labels(const Transcript& transcript, const CheckContext& context);
Judgement judge_pin_unseen(const Transcript& transcript, const CheckContext& context);

// 3-10.d, 3-10.e: size and outline of what can be touched.
Judgement judge_target_size(const Transcript& transcript, const CheckContext& context);
Judgement judge_part_contrast(const Transcript& transcript, const CheckContext& context);

// 3-11.a: no PIN leaves before it is complete. 3-11.d: one entry, one VERIFY.
Result<void> stimulate_pin_length(Stage& stage);
Judgement judge_pin_length(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_single_verify(Stage& stage);
Judgement judge_single_verify(const Transcript& transcript, const CheckContext& context);

// 3-11.c: the clinic's own wording.
Result<void> stimulate_custom_wording(Stage& stage);
Judgement judge_custom_wording(const Transcript& transcript, const CheckContext& context);

// 3-20.b: the management's door. 3-21: what it shows and does is true.
Result<void> stimulate_management_access(Stage& stage);
Judgement judge_management_access(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_management_truth(Stage& stage);
Judgement judge_management_truth(const Transcript& transcript, const CheckContext& context);

// 3-12: random keypad layouts.
Result<void> stimulate_random_keypad(Stage& stage);
Judgement judge_random_keypad(const Transcript& transcript, const CheckContext& context);

// 3-14.a: PIN authentication and eligibility, right and wrong.
Result<void> stimulate_pin_eligibility(Stage& stage);
Judgement judge_pin_eligibility(const Transcript& transcript, const CheckContext& context);

// 3-6.a, 3-6.b: FNMR where FMR is 0.01 %, by the device's matcher as a library.
Result<void> stimulate_face_accuracy(Stage& stage);
Judgement judge_fnmr_required(const Transcript& transcript, const CheckContext& context);
Judgement judge_fnmr_recommended(const Transcript& transcript, const CheckContext& context);

// 3-10.b: every page says where in the procedure one is. 3-11.b: selection, instruction and caution exist.
Result<void> stimulate_steps_shown(Stage& stage);
Judgement judge_steps_shown(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_pin_screens(Stage& stage);
Judgement judge_pin_screens(const Transcript& transcript, const CheckContext& context);

// 3-10.c: nothing changes by itself. 3-13, the part without a face: time limits are kept as set.
Result<void> stimulate_idle_pages(Stage& stage);
Judgement judge_idle_pages(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_time_limits(Stage& stage);
Judgement judge_time_limits(const Transcript& transcript, const CheckContext& context);

// 3-10.g: agree above disagree.
Result<void> stimulate_consent_layout(Stage& stage);
Judgement judge_consent_layout(const Transcript& transcript, const CheckContext& context);

// 3-14.e: the connectivity check tells the truth in time.
Result<void> stimulate_connectivity(Stage& stage);
Judgement judge_connectivity(const Transcript& transcript, const CheckContext& context);

// 3-14.b: PIN and first registration. 3-14.h: registered only after an explicit yes.
Result<void> stimulate_registration(Stage& stage);
Judgement judge_registration(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_registration_consent(Stage& stage);
Judgement judge_registration_consent(const Transcript& transcript, const CheckContext& context);
// 3-14.g: the face authentication card, as far as it needs no face.
Result<void> stimulate_face_card(Stage& stage);
Judgement judge_face_card(const Transcript& transcript, const CheckContext& context);

// 3-17.b: no personal data in the operation logs.
Result<void> stimulate_log_privacy(Stage& stage);
Judgement judge_log_privacy(const Transcript& transcript, const CheckContext& context);

// 1-20: faults show, and go away. 3-18: each leaves one record. One stimulus for the three (fault_tour.h).
Result<void> stimulate_fault_tour(Stage& stage);
Judgement judge_fault_display(const Transcript& transcript, const CheckContext& context);
Judgement judge_fault_repair(const Transcript& transcript, const CheckContext& context);
Judgement judge_error_log(const Transcript& transcript, const CheckContext& context);

// 3-17.a: what the operation log tells of.
Result<void> stimulate_log_classes(Stage& stage);
Judgement judge_log_classes(const Transcript& transcript, const CheckContext& context);

// 3-22: outages of the reader link, crashes of the host side, silent peers, heartbeats.
Result<void> stimulate_link_recovery(Stage& stage);
Judgement judge_link_recovery(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_host_recovery(Stage& stage);
Judgement judge_host_recovery(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_link_half_open(Stage& stage);
Judgement judge_link_half_open(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_link_heartbeat(Stage& stage);
Judgement judge_link_heartbeat(const Transcript& transcript, const CheckContext& context);

// 4-9.a: updates install themselves. 4-9.d: they come over the claim network alone. One script for both.
Result<void> stimulate_update_offers(Stage& stage);
Judgement judge_update_automatic(const Transcript& transcript, const CheckContext& context);
Judgement judge_update_network(const Transcript& transcript, const CheckContext& context);

// 4-9.i: the version before comes back after a broken one, with the settings.
Result<void> stimulate_update_return(Stage& stage);
Judgement judge_update_return(const Transcript& transcript, const CheckContext& context);

// 3-3.a: an accuracy file moves the threshold. 3-3.b: only a sound one does.
Result<void> stimulate_accuracy_file(Stage& stage);
Judgement judge_threshold_moved(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_accuracy_offers(Stage& stage);
Judgement judge_accuracy_offers(const Transcript& transcript, const CheckContext& context);

// 3-24.a: a virtual day of sessions and faults. 3-24.c: sixty virtual days.
Result<void> stimulate_soak_day(Stage& stage);
Judgement judge_soak_day(const Transcript& transcript, const CheckContext& context);
Result<void> stimulate_soak_months(Stage& stage);
Judgement judge_soak_months(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
