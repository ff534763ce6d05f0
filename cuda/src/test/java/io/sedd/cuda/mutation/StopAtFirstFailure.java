package io.sedd.cuda.mutation;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** One failure is enough: what comes after it is not run. Registered by {@link MutantRun} alone. */
public final class StopAtFirstFailure implements ExecutionCondition, TestExecutionExceptionHandler {

  private static final ExtensionContext.Namespace OWN =
      ExtensionContext.Namespace.create(StopAtFirstFailure.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context.getRoot().getStore(OWN).get("failed") == null
        ? ConditionEvaluationResult.enabled("nothing has failed")
        : ConditionEvaluationResult.disabled("a test before it has failed");
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    context.getRoot().getStore(OWN).put("failed", true);
    throw failure;
  }
}
