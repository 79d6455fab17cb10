/* A fund program for tests: sends one command, and tells by its status word what to answer. */
#include <stdio.h>
#include <string.h>

#include <shogo/contract/fund_program.h>

struct shogo_fund {
  int unused;
};
static struct shogo_fund only_one;

shogo_fund* shogo_fund_open(const shogo_fund_config* config, char* message, size_t message_size) {
  if (strcmp(config->server_url, "refuse") != 0) return &only_one;
  snprintf(message, message_size, "told to refuse");
  return NULL;
}
void shogo_fund_close(shogo_fund* fund) {
  (void)fund;
}
const char* shogo_fund_version(void) {
  return "fake-fund 1.0";
}

shogo_fund_status shogo_fund_pin_eligibility(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                             const uint8_t* pin, size_t pin_size, shogo_fund_person* person) {
  static const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, 0x08};
  uint8_t response[16];
  size_t size = sizeof response;
  const int rc = transmit(context, command, sizeof command, response, &size);
  (void)fund;
  (void)pin;
  if (rc == -1) return SHOGO_FUND_CARD_REMOVED;
  if (rc != 0 || size != 2 || response[0] != 0x90) return SHOGO_FUND_CARD_ERROR;
  person->tries_left = (int32_t)pin_size;
  strcpy(person->name, "fake person");
  return SHOGO_FUND_OK;
}
shogo_fund_status shogo_fund_pin_registration(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                              const uint8_t* pin, size_t pin_size,
                                              shogo_fund_person* person) {
  return shogo_fund_pin_eligibility(fund, transmit, context, pin, pin_size, person);
}
shogo_fund_status shogo_fund_pinless_eligibility(shogo_fund* fund, shogo_fund_transmit transmit,
                                                 void* context, shogo_fund_person* person) {
  (void)fund, (void)transmit, (void)context, (void)person;
  return SHOGO_FUND_UNSUPPORTED;
}
shogo_fund_status shogo_fund_pinless_registration(shogo_fund* fund, shogo_fund_transmit transmit,
                                                  void* context, shogo_fund_person* person) {
  (void)fund, (void)transmit, (void)context, (void)person;
  return SHOGO_FUND_UNSUPPORTED;
}
shogo_fund_status shogo_fund_connectivity(shogo_fund* fund) {
  (void)fund;
  return SHOGO_FUND_OK;
}
void shogo_fund_cancel(shogo_fund* fund) {
  (void)fund;
}
#ifndef FAKE_FUND_SHORT
shogo_fund_status shogo_fund_phone_eligibility(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                               const uint8_t* pin, size_t pin_size,
                                               shogo_fund_person* person) {
  (void)fund, (void)transmit, (void)context, (void)pin, (void)pin_size, (void)person;
  return SHOGO_FUND_UNSUPPORTED;
}
#endif
