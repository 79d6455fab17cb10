/* A library without a matcher in it. */
int shogo_engine_nothing(void) {
  return 0;
}
