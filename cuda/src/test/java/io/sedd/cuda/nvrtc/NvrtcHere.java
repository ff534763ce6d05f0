package io.sedd.cuda.nvrtc;

import io.sedd.cuda.library.CudaLibrary;
import io.sedd.cuda.library.Libraries;
import io.sedd.cuda.library.LibrariesHere;
import io.sedd.cuda.library.LibrarySearch;
import io.sedd.cuda.library.MissingLibraryException;
import io.sedd.cuda.library.RedistJar;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The NVRTC of the machine that tests, if it has one. */
public final class NvrtcHere {

  /** Folder with libnvrtc, where it is in no usual place: {@code -Dsedd.nvrtc=FOLDER}. */
  public static final String PROPERTY = "sedd.nvrtc";

  private NvrtcHere() {}

  /** NVRTC; where there is none, the test is reported as skipped, with the reason. */
  public static Nvrtc orSkip() {
    try {
      return new Nvrtc(libraries().load(CudaLibrary.NVRTC, 13));
    } catch (MissingLibraryException e) {
      return Assumptions.abort(
          e.getMessage() + "; give its folder with -D" + PROPERTY + "=FOLDER to run this test");
    }
  }

  private static Libraries libraries() {
    List<Path> folders = new ArrayList<>();
    String configured = System.getProperty(PROPERTY, "");
    if (!configured.isBlank()) {
      folders.add(Path.of(configured));
    }
    folders.addAll(LibrarySearch.ofThisMachine().folders());
    return new LibrariesHere(
        new LibrarySearch(folders, true),
        new RedistJar(NvrtcHere.class.getClassLoader(), CompileCache.folderOfThisUser()));
  }
}
