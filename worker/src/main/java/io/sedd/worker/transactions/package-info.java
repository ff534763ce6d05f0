/**
 * Transactions that the broker has ended without telling the partitions: finding and ending them.
 */
package io.sedd.worker.transactions;
