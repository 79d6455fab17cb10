/* Both C ABIs must compile as plain C: that is what a vendor's library is written against. */
#include <shogo/contract/fund_program.h>
#include <shogo/contract/matcher.h>

_Static_assert(SHOGO_FUND_OK == 0 && SHOGO_FUND_SERVER_ERROR == 13 && SHOGO_FUND_PHONE_NOT_APPROVED == 14,
               "status values are part of the ABI");
_Static_assert(SHOGO_MATCHER_OK == 0 && SHOGO_MATCHER_FAILED == 6, "status values are part of the ABI");
_Static_assert(offsetof(shogo_fund_person, version) == 0, "structs begin with their version");
_Static_assert(offsetof(shogo_matcher_info, abi_version) == 0, "structs begin with their version");
