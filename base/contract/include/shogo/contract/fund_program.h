/* Fund program: the C ABI between the host agent and the library that authenticates a patient towards the
 * eligibility system. SYNTHETIC: the real program of the Social Insurance Medical Fee Payment Fund is not
 * public; this interface holds exactly the six operations that requirement 3-14 names, so that the real one
 * finds its room.
 *
 * Only the library sends authentication APDUs. It owns nothing of the caller's: every pointer is borrowed for
 * the call. Calls block up to `timeout_ms` and come from one thread at a time per handle, but for
 * shogo_fund_cancel. Structs begin with their version; new members are only ever appended. */
#ifndef SHOGO_CONTRACT_FUND_PROGRAM_H
#define SHOGO_CONTRACT_FUND_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHOGO_FUND_ABI_VERSION 5

typedef struct shogo_fund shogo_fund;

/* Sends one C-APDU to the card and receives the R-APDU (with status word). Returns 0; or -1 when the card
 * left; or -2 when it does not answer sensibly. `response_size` holds the room on entry and the size on
 * return. */
typedef int (*shogo_fund_transmit)(void* context, const uint8_t* command, size_t command_size,
                                   uint8_t* response, size_t* response_size);

typedef struct {
  uint32_t version;             /* SHOGO_FUND_ABI_VERSION */
  const char* server_url;       /* "https://host:port" */
  const char* trust_anchor_pem; /* file: who may be the server */
  const char* client_cert_pem;  /* file: who this clinic is */
  const char* client_key_pem;   /* file */
  uint32_t timeout_ms;          /* for one exchange with the server */
  const char* terminal_pem;     /* file: key and card-verifiable certificate of this terminal, for the way
                                   without PIN; NULL or empty: it has none; since version 3 */
} shogo_fund_config;

typedef enum {
  SHOGO_FUND_OK = 0,
  SHOGO_FUND_WRONG_PIN = 1, /* tries_left says how many remain */
  SHOGO_FUND_PIN_LOCKED = 2,
  SHOGO_FUND_CERT_EXPIRED = 3,
  SHOGO_FUND_CERT_REVOKED = 4,
  SHOGO_FUND_NOT_REGISTERED = 5,     /* first registration has not been done */
  SHOGO_FUND_NOT_ELIGIBLE = 6,       /* the system knows the person, but access is suspended */
  SHOGO_FUND_SERVER_UNREACHABLE = 7, /* down, refused, TLS failure */
  SHOGO_FUND_SERVER_TIMEOUT = 8,
  SHOGO_FUND_CARD_REMOVED = 9,
  SHOGO_FUND_CARD_ERROR = 10,         /* the card answered something that is not in its specification */
  SHOGO_FUND_CARD_UNSUPPORTED = 11,   /* no such application: not a My Number card */
  SHOGO_FUND_UNSUPPORTED = 12,        /* this library cannot do that operation */
  SHOGO_FUND_SERVER_ERROR = 13,       /* the server answered, but not with an answer we know */
  SHOGO_FUND_PHONE_NOT_APPROVED = 14, /* the holder has not agreed on the phone itself; since version 3 */
  SHOGO_FUND_CANCELLED = 15           /* by shogo_fund_cancel; since version 4 */
} shogo_fund_status;

/* What the system says about the person's certificate beside a success. */
typedef enum {
  SHOGO_FUND_NOTICE_NONE = 0,
  SHOGO_FUND_NOTICE_EXPIRES_SOON = 1, /* it ends within three months */
  SHOGO_FUND_NOTICE_GRACE = 2         /* it ended, less than three months ago: still good for eligibility */
} shogo_fund_notice;

/* What the person holds and may choose from at the counter (1-13.j); since version 5. */
typedef enum {
  SHOGO_FUND_PAPER_SUBSIDY = 1,      /* certificate of a subsidy for medical costs (受給者証) */
  SHOGO_FUND_PAPER_PRESCRIPTION = 2, /* electronic prescription */
  SHOGO_FUND_PAPER_REFERRAL = 3      /* referral letter (診療情報提供書) */
} shogo_fund_paper_kind;

typedef struct {
  int32_t kind;   /* shogo_fund_paper_kind */
  char id[32];    /* the system's name for it: ASCII letters, digits and hyphens; no personal data */
  char name[192]; /* UTF-8, NUL-terminated: a certificate's name, or an institution and its department;
                     personal data */
} shogo_fund_paper;

#define SHOGO_FUND_MAX_PAPERS 24

typedef struct {
  uint32_t version;    /* SHOGO_FUND_ABI_VERSION, set by the caller */
  int32_t tries_left;  /* PIN tries that remain; -1 when unknown */
  char name[256];      /* UTF-8, NUL-terminated; personal data: the caller wipes the struct */
  char birth_date[16]; /* YYYYMMDD; personal data */
  char reference[64];  /* receipt number of the eligibility answer; no personal data */
  int32_t notice;      /* shogo_fund_notice; since version 2 */
  uint32_t paper_count;
  shogo_fund_paper papers[SHOGO_FUND_MAX_PAPERS]; /* paper_count of them, in the system's order; what does
                                                     not fit is left out; since version 5 */
} shogo_fund_person;

/* NULL on failure; then `message` holds why (no personal data). */
shogo_fund* shogo_fund_open(const shogo_fund_config* config, char* message, size_t message_size);
void shogo_fund_close(shogo_fund* fund);
/* "name version", static storage. */
const char* shogo_fund_version(void);

/* The six operations of 3-14, in its order. `pin` is not NUL-terminated; four ASCII digits, which the
 * caller answers for (3-11). */
shogo_fund_status shogo_fund_pin_eligibility(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                             const uint8_t* pin, size_t pin_size, shogo_fund_person* person);
shogo_fund_status shogo_fund_pin_registration(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                              const uint8_t* pin, size_t pin_size, shogo_fund_person* person);
shogo_fund_status shogo_fund_pinless_eligibility(shogo_fund* fund, shogo_fund_transmit transmit,
                                                 void* context, shogo_fund_person* person);
shogo_fund_status shogo_fund_pinless_registration(shogo_fund* fund, shogo_fund_transmit transmit,
                                                  void* context, shogo_fund_person* person);
shogo_fund_status shogo_fund_connectivity(shogo_fund* fund);
/* From any thread: nobody waits for the operation under way any more. It returns soon, whatever the server
 * does, so that the caller can wipe what it lent (3-16). It counts until that operation has returned, and for
 * none that starts later; nothing under way: nothing happens. Since version 4. */
void shogo_fund_cancel(shogo_fund* fund);
/* `pin` of a phone that asks for one at the reader; NULL and 0 where the holder agrees on the phone. */
shogo_fund_status shogo_fund_phone_eligibility(shogo_fund* fund, shogo_fund_transmit transmit, void* context,
                                               const uint8_t* pin, size_t pin_size,
                                               shogo_fund_person* person);

#ifdef __cplusplus
}
#endif
#endif
