/**
 * Hugging Face tokenizers for files that the project's own reader does not take. Apart because of
 * its weight: 22 MB with native code, which lies in the jar and is unpacked to {@code
 * DJL_CACHE_DIR}; nothing is fetched when it runs.
 */
package io.sedd.tokenizers.djl;
